/** The report as one self-contained HTML page: no script, no other file, no network. Below PAGE_MAX whatever it reports. */
import type { Election, EnsembleDivergence, QuotedLine } from '../../../traces/ensemble/verdict.js';
import type { Reasons } from '../../../traces/explain/reasons.js';
import type { SourcePosition } from '../../../traces/observation.js';
import type { Divergence } from '../../../traces/verdict.js';
import { ensembleDisagrees, type EnsembleResult } from '../../commands/validate-ensemble.js';
import { disagree, type ServerResult } from '../../commands/validate-server.js';
import { shownExcerpt } from '../reasons.js';
import type { ValidateReport } from '../verdict-json.js';
import { diagramOf } from './diagram.js';
import { escaped } from './escape.js';
import { STYLE } from './style.js';

/** Characters; with escapes of other alphabets at most twice as many bytes. */
export const PAGE_MAX = 900_000;

/** How much of everything is shown: smaller ones are tried until the page is small enough. */
interface Budget {
  readonly servers: number;
  readonly elections: number;
  readonly events: number;
  readonly ensembles: number;
  readonly notes: number;
  readonly text: number;
}

const WHOLE: Budget = { servers: 400, elections: 400, events: 800, ensembles: 40, notes: 40, text: 2000 };

export function reportHtml(report: ValidateReport): string {
  let budget = WHOLE;
  for (;;) {
    const page = pageOf(report, budget);
    if (page.length <= PAGE_MAX) return page;
    budget = mapped(budget, (value) => Math.max(1, Math.floor(value / 2)));
  }
}

function mapped(budget: Budget, change: (value: number) => number): Budget {
  const { servers, elections, events, ensembles, notes, text } = budget;
  return {
    servers: change(servers),
    elections: change(elections),
    events: change(events),
    ensembles: change(ensembles),
    notes: change(notes),
    text: Math.max(120, change(text)),
  };
}

function pageOf(report: ValidateReport, budget: Budget): string {
  const { results, ensembles, faults, verdict } = report;
  const title = `zabcheck: ${verdict}`;
  const body = [
    `<header><h1>${badge(verdict)} ${counted(results.length, 'server log')}${ensembles.length > 0 ? `, ${counted(ensembles.length, 'ensemble')}` : ''}</h1>`,
    `<p>Judged by ${escaped(report.machines.join(' and '))}${report.interrupted ? '; interrupted before the end' : ''}.</p></header>`,
    '<main>',
    ...shown(ensembles, budget.ensembles, 'ensemble', (one) => ensembleSection(one, budget)),
    '<section><h2>Servers</h2>',
    serversTable(results, budget),
    ...shown(
      results.filter(({ verdict: { divergence } }) => divergence !== null),
      budget.ensembles,
      'divergence',
      (one) => serverDivergence(one, budget),
    ),
    '</section>',
    ...(faults.length === 0
      ? []
      : [
          `<section><h2>Not read</h2><ul>${faults.map(({ message }) => `<li>${cut(message, budget)}</li>`).join('')}</ul></section>`,
        ]),
    '</main>',
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>${body.join('\n')}</body></html>\n`;
}

const badge = (kind: string): string => `<strong class="${escaped(kind)}">${escaped(kind)}</strong>`;
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function cut(text: string, { text: most }: Budget): string {
  return escaped(text.length > most ? `${text.slice(0, most)}…` : text);
}

/** The first `most`, and how many there are besides. */
function shown<T>(items: readonly T[], most: number, noun: string, show: (item: T) => string): readonly string[] {
  const left = items.length - most;
  const rest = left > 0 ? [`<p class="left">${counted(left, `more ${noun}`)} not shown.</p>`] : [];
  return [...items.slice(0, most).map(show), ...rest];
}

function ensembleSection(result: EnsembleResult, budget: Budget): string {
  const { verdict } = result;
  const kind = ensembleDisagrees(result) ? 'disagreement' : verdict.kind;
  const sids = verdict.servers.map(({ sid }) => sid).join(', ');
  const diagram = diagramOf(verdict, budget.events, `The elections of servers ${sids}, message by message`);
  return [
    `<section><h2>${badge(kind)} Ensemble {${sids}}</h2>`,
    ...(verdict.missing.length === 0 ? [] : [`<p>Without the logs of {${verdict.missing.join(', ')}}.</p>`]),
    ...(verdict.divergence === null ? [] : [contradiction(verdict.divergence, result.reasons, budget)]),
    electionsTable(verdict.elections, budget),
    notesList(verdict.notes, budget),
    ...(diagram === null
      ? []
      : [
          `<figure class="diagram" tabindex="0">${diagram.svg}</figure>`,
          ...(diagram.left > 0 ? [`<p class="left">${counted(diagram.left, 'later event')} not drawn.</p>`] : []),
        ]),
    '</section>',
  ].join('\n');
}

function contradiction(
  { line, reason, rule, evidence, legal }: EnsembleDivergence,
  reasons: Reasons | null,
  budget: Budget,
): string {
  return [
    `<div class="why" role="note"><h3>${cut(`${line.at.file}:${line.at.line}`, budget)}: the logs contradict each other</h3>`,
    `<p>${cut(reason, budget)}</p><p class="rule">${cut(rule, budget)}</p>`,
    linesTable('The lines that this is about', evidence.slice(0, budget.elections), budget),
    ...(legal.length === 0 ? [] : [`<p>Legal would have been: ${cut(legal.join('; or '), budget)}</p>`]),
    reasonsHtml(reasons, line.at, budget),
    '</div>',
  ].join('');
}

function linesTable(caption: string, lines: readonly QuotedLine[], budget: Budget): string {
  const rows = lines.map(
    ({ sid, at, text }) =>
      `<tr><td>${sid}</td><td>${cut(`${at.file}:${at.line}`, budget)}</td><td><code>${cut(text, budget)}</code></td></tr>`,
  );
  return `<table><caption>${cut(caption, budget)}</caption><thead><tr><th scope="col">server</th><th scope="col">line</th><th scope="col">says</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** The lines that contradict each other, and the nearest legal story. */
function reasonsHtml(reasons: Reasons | null, at: SourcePosition, budget: Budget): string {
  if (reasons === null) return '';
  const { excerpt, story, bounds } = reasons;
  const shown = excerpt === null ? null : shownExcerpt(excerpt, at, Math.min(budget.elections, excerpt.lines.length));
  const more = shown === null || shown.more === 0 ? '' : ` (${shown.more} more before these)`;
  return [
    ...(shown === null ? [] : [linesTable(`${sentence(shown.claim)}${more}`, shown.lines, budget)]),
    ...(story === null ? [] : [`<p>Nearest legal story: ${cut(story.sentence, budget)}</p>`]),
    ...bounds.map((bound) => `<p class="left">${cut(sentence(bound), budget)}</p>`),
  ].join('');
}

const sentence = (words: string): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;

function electionsTable(elections: readonly Election[], budget: Budget): string {
  if (elections.length === 0) return '<p>No election ends in these logs.</p>';
  const rows = elections.slice(0, budget.elections).map((one) => {
    const of = (role: string): string =>
      [
        ...new Set(one.parts.filter((part) => part.role === role && part.sid !== one.leader).map(({ sid }) => sid)),
      ].join(', ');
    const took = Math.max(-1, ...one.parts.map(({ tookMs }) => tookMs ?? -1));
    const when = one.parts.find(({ time }) => time !== null)?.time ?? '';
    const whys = [...new Set(one.parts.map(({ why }) => why))].join(' / ');
    const cells = [
      when,
      one.leader,
      of('FOLLOWING'),
      of('OBSERVING'),
      one.round ?? '',
      one.epoch ?? 'not established',
      took < 0 ? '' : `${took} ms`,
      one.supporters.join(', '),
      whys,
    ];
    return `<tr>${cells.map((cell) => `<td>${cut(String(cell), budget)}</td>`).join('')}</tr>`;
  });
  const heads = ['when', 'leader', 'followers', 'observers', 'round', 'epoch', 'took', 'supported by', 'why it began'];
  const left = elections.length - rows.length;
  return `<table><caption>${counted(elections.length, 'election')}${left > 0 ? `, ${left} not shown` : ''}</caption><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function serversTable(results: readonly ServerResult[], budget: Budget): string {
  const rows = results.slice(0, budget.servers).map((result) => {
    const { sid, label, verdict, level, release, configuration } = result;
    const kind = disagree(result) ? 'disagreement' : verdict.kind;
    const roles = verdict.elections
      .slice(0, 12)
      .map(({ state, leader }) => `${state}${leader === null || state === 'LEADING' ? '' : ` ${leader}`}`);
    const more = verdict.elections.length - roles.length;
    const notes = verdict.notes.slice(0, budget.notes).join(' · ');
    const cells = [
      `${verdict.judged}`,
      level,
      release,
      configuration,
      `${roles.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      notes,
    ];
    return `<tr><td>${badge(kind)}</td><td>${sid ?? '?'}</td><td>${cut(label, budget)}</td>${cells.map((cell) => `<td>${cut(cell, budget)}</td>`).join('')}</tr>`;
  });
  const heads = ['verdict', 'server', 'log', 'lines judged', 'level', 'release', 'configuration', 'roles', 'notes'];
  const left = results.length - rows.length;
  return `<table><caption>${counted(results.length, 'log')}${left > 0 ? `, ${left} not shown` : ''}</caption><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function serverDivergence({ sid, verdict: { divergence }, reasons }: ServerResult, budget: Budget): string {
  if (divergence === null) return '';
  return `<div class="why" role="note"><h3>server ${sid ?? '?'}, ${cut(`${divergence.at.file}:${divergence.at.line}`, budget)}: no execution explains this line</h3><p><code>${cut(divergence.line, budget)}</code></p><p>${cut(divergence.reason, budget)}</p><p class="rule">${cut(divergence.method, budget)}</p>${legalText(divergence, budget)}${reasonsHtml(reasons, divergence.at, budget)}</div>`;
}

function legalText({ legal }: Divergence, budget: Budget): string {
  return legal.length === 0 ? '' : `<p>Legal would have been: ${cut(legal.join('; or '), budget)}</p>`;
}

function notesList(notes: readonly string[], budget: Budget): string {
  if (notes.length === 0) return '';
  return `<ul>${shown(notes, budget.notes, 'note', (note) => `<li>${cut(note, budget)}</li>`).join('')}</ul>`;
}
