export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

export interface Kill {
  readonly ms: number;
  readonly folder: string | null;
}

export function steady(json: string): string;
export function checkUntil(main: string, args: readonly string[], kill: Kill | null): Promise<Ended>;
export function round(
  main: string,
  options: {
    readonly args: readonly string[];
    readonly more: readonly string[];
    readonly folder: string;
    readonly every: string;
    readonly kill: (kills: number) => Kill | null;
  },
): Promise<Ended & { readonly kills: number; readonly resumptions: number }>;
