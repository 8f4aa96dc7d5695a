/**
 * Goal: elections told thread by thread, exactly as they happen. Each step is held against the specification, each line with `=`, written
 * by hand from ZooKeeper's code, against what the collections hold. `UPDATE_GOLDEN=1` writes the pages in docs/scenarios.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_BOUNDS } from '../../models/election/bounds.js';
import { configOf } from '../../models/election/ensemble.js';
import { type PlayedItem, playScenario, ScenarioError } from '../../models/threads/scenario-play.js';
import { parseScenario } from '../../models/threads/scenario-script.js';
import { printPage } from './page.js';

const FOLDER = 'property-tests/thread-scenarios';
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

function played(text: string, servers: number): readonly PlayedItem[] {
  const script = parseScenario(text);
  if (!script.ok) throw new Error(script.error);
  return playScenario(configOf({ ...DEFAULT_BOUNDS, servers }), script.value);
}

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const items = played(text, text.includes('Server 4') ? 4 : 3);

  it('is what its page tells', () => {
    const path = `docs/scenarios/${file.replace('.txt', '.md')}`;
    const page = printPage(`${FOLDER}/${file}`, items);
    if (UPDATE) writeFileSync(path, page);
    expect(page).toBe(readFileSync(path, 'utf8'));
  });

  it('states facts, and has diagrams of participants, arrows and notes only', () => {
    expect(text.split('\n').filter((line) => line.startsWith('= ')).length).toBeGreaterThan(8);
    const diagrams = printPage(file, items).matchAll(/```mermaid\n([^`]*)```/g);
    for (const [, diagram = ''] of diagrams) {
      const [head, ...lines] = diagram.trimEnd().split('\n');
      expect(head).toBe('sequenceDiagram');
      expect(lines.length).toBeLessThan(75);
      for (const line of lines)
        expect(line).toMatch(
          /^ {2}(participant [A-Z]+\d* as [^;#]+|[A-Z]+\d*->>[A-Z]+\d*: [^;#]+|Note over [A-Z]+\d*(,[A-Z]+\d*)?: [^;#]+)$/,
        );
    }
  });
});

describe('together', () => {
  it('every thread and every collection is seen at work', () => {
    const pages = FILES.map((file) => readFileSync(`docs/scenarios/${file.replace('.txt', '.md')}`, 'utf8')).join('\n');
    for (const thread of [
      'Listener',
      'RecvWorker',
      'SendWorker',
      'WorkerSender',
      'WorkerReceiver',
      'QuorumPeer',
      'connection pool',
    ])
      expect(pages).toMatch(new RegExp(`participant \\w+ as ${thread} of`));
    for (const used of [
      /: sendqueue: /,
      /: recvqueue: /,
      /: recvQueue: /,
      /: queueSendMap\[/,
      /: lastMessageSent\[/,
      /: lastMessageSent again: /,
      /senderWorkerMap\[\d\]$/m,
      / replaces /,
    ])
      expect(pages).toMatch(used);
  });
});

describe('scripts', () => {
  it.each([
    [
      '> boot 1\n> 1 QuorumPeer.Publish',
      /^line 2: QuorumPeer\.Publish of server 1 cannot run: it can do QuorumPeer\.Begin, Listener\.Bind$/,
    ],
    ['> boot 1\n= 1 senderWorkerMap 2', /^line 2: senderWorkerMap of server 1 is "empty", not "2"$/],
    ['> boot 1\n= 1 beauty 2', /^line 2: "beauty" is none of state, sendqueue/],
    ['> activate 1', /^line 1: server 1 leads no quorum$/],
  ])('%j', (text, why) => {
    expect(() => played(text, 3)).toThrow(ScenarioError);
    expect(() => played(text, 3)).toThrow(why);
  });

  it.each([
    ['> dance', /^line 1: "dance" is nothing that can be done$/],
    ['> 1 Thread.Step', /^line 1: there is no thread "Thread"/],
    ['text\n= what', /^line 2: "= what" is no fact/],
  ])('%j is refused', (text, why) => {
    expect(() => played(text, 3)).toThrow(why);
  });
});
