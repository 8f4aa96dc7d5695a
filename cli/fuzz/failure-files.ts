/** What a failure leaves on disk: the story, a diagram, and a test that can be committed as it is. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { quoted } from '../exec/flags.js';
import type { Report } from './messages.js';

export interface FailureToWrite {
  readonly report: Report;
  readonly token: string;
  readonly subject: string | null;
  /** The command of a peer in another language: no test can import it. */
  readonly exec: string | null;
}

/** Writes below `folder`, in a folder named by the failure itself; returns the paths. */
export function writeFailure(folder: string, { report, token, subject, exec }: FailureToWrite): readonly string[] {
  const name = createHash('sha256').update(token).digest('hex').slice(0, 8);
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  const write = (file: string, text: string): string => {
    const path = join(place, file);
    writeFileSync(path, text);
    return path;
  };
  const sentence = report.violation?.sentence ?? '';
  const flags = exec === null ? '' : `--exec ${quoted(exec)} `;
  const files = [
    write('story.txt', `${sentence}\n\n${report.text}\n\nzabcheck replay ${flags}${token}\n`),
    write('diagram.mmd', report.diagram),
  ];
  if (exec !== null) return files;
  return [...files, write('failure.test.ts', testText(report, subject === null ? null : importPath(place, subject)))];
}

/** A path from the test to the subject, or the name of its package. */
function importPath(place: string, subject: string): string {
  if (!/[./\\]/.test(subject[0] ?? '') && !/\.[cm]?[jt]s$/.test(subject)) return subject;
  const path = relative(resolve(place), resolve(subject)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function testText(report: Report, subject: string | null): string {
  const imports =
    subject === null
      ? `import { implSubject as subject, parseScript, playScript } from 'zabcheck';`
      : `import { parseScript, playScript } from 'zabcheck';\nimport subject from '${subject}';`;
  const story = report.text.split('\n').map((line) => ` * ${line.replaceAll('*/', '* /')}`.trimEnd());
  return `/**
 * Found by zabcheck fuzz:
${story.join('\n')}
 */
import { expect, it } from 'vitest';
${imports}

const SCRIPT = ${JSON.stringify(report.script)};

it('does what the specification allows', () => {
  const script = parseScript(SCRIPT);
  if (!script.ok) throw new Error(script.error);
  expect(playScript(subject, script.value).violation).toBeNull();
});
`;
}
