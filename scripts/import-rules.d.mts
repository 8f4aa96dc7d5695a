export interface MatrixRow {
  readonly who: string;
  readonly may: readonly string[] | { readonly everythingBut: readonly string[] };
  readonly typesOf: readonly string[];
  readonly npm: readonly string[] | null;
  readonly node: boolean;
}
export const MATRIX: readonly MatrixRow[];
export function mayImport(row: MatrixRow): readonly string[];
export function tableRows(): readonly (readonly string[])[];
export function forbiddenRules(): readonly { readonly name: string }[];
