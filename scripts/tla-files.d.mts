export const TLA_FOLDER: string;
export function moduleNames(): readonly string[];
export function configNames(): readonly string[];
export function moduleText(name: string): string;
export function configText(name: string): string;
export function withoutComments(text: string): string;
export interface TlcConfig {
  readonly specification: string;
  readonly constants: readonly (readonly [name: string, value: string])[];
  readonly invariants: readonly string[];
  readonly properties: readonly string[];
  readonly deadlock: string;
}
export function parseConfig(text: string): TlcConfig;
export function boundsOf(constants: TlcConfig['constants']): Readonly<Record<string, string>>;
