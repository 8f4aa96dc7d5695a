/** Writes reports beside the printed result: asked for before the work, written after it, whole or not at all. */
import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { reportHtml } from '../render/report/html.js';
import { reportJunit } from '../render/report/junit.js';
import { reportMermaid } from '../render/report/mermaid.js';
import type { ValidateReport } from '../render/verdict-json.js';
import { UsageError } from '../usage-error.js';

export interface ReportFlags {
  readonly html?: string;
  readonly junit?: string;
  readonly mermaid?: string;
  /** Written by `itf-file.ts`. */
  readonly itf?: string;
}

const WRITERS = { html: reportHtml, junit: reportJunit, mermaid: reportMermaid } as const;
type Kind = keyof typeof WRITERS;
const KINDS: readonly Kind[] = ['html', 'junit', 'mermaid'];

/** Throws UsageError for a place that cannot be written: before anything is judged. */
export function checkReportFiles(flags: ReportFlags): void {
  for (const kind of [...KINDS, 'itf'] as const) {
    const path = flags[kind];
    if (path === undefined) continue;
    const folder = dirname(resolve(path));
    try {
      accessSync(folder, constants.W_OK);
      if (statSync(folder).isDirectory() && !isFolder(path)) continue;
    } catch {
      // Said below.
    }
    throw new UsageError(`--${kind} ${path} cannot be written.`);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The paths that were written. Throws UsageError. */
export function writeReportFiles(flags: ReportFlags, report: ValidateReport): readonly string[] {
  return KINDS.flatMap((kind) => {
    const path = flags[kind];
    if (path === undefined) return [];
    const part = `${path}.part`;
    try {
      writeFileSync(part, WRITERS[kind](report));
      renameSync(part, path);
    } catch (error) {
      rmSync(part, { force: true });
      throw new UsageError(
        `--${kind} ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return [path];
  });
}
