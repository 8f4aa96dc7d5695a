/** The report as JUnit XML: a test case for each server log and each ensemble. */
import { ensembleDisagrees } from '../../commands/validate-ensemble.js';
import { disagree } from '../../commands/validate-server.js';
import type { ValidateReport } from '../verdict-json.js';
import { escaped } from './escape.js';

interface Case {
  readonly suite: 'servers' | 'ensembles' | 'input';
  readonly name: string;
  readonly verdict: string;
  readonly reason: string;
}

export function reportJunit({ results, ensembles, faults }: ValidateReport): string {
  const cases: readonly Case[] = [
    ...results.map((result): Case => ({
      suite: 'servers',
      name: `server ${result.sid ?? '?'}: ${result.label}`,
      verdict: disagree(result) ? 'disagreement' : result.verdict.kind,
      reason: result.verdict.divergence?.reason ?? result.verdict.notes.join('; '),
    })),
    ...ensembles.map((result): Case => ({
      suite: 'ensembles',
      name: `ensemble {${result.verdict.servers.map(({ sid }) => sid).join(', ')}}: ${result.label}`,
      verdict: ensembleDisagrees(result) ? 'disagreement' : result.verdict.kind,
      reason: result.verdict.divergence?.reason ?? result.verdict.notes.join('; '),
    })),
    ...faults.map(({ path, message }): Case => ({ suite: 'input', name: path, verdict: 'error', reason: message })),
  ];
  const of = (...verdicts: readonly string[]): number =>
    cases.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const counts = `tests="${cases.length}" failures="${of('diverged', 'disagreement')}" errors="${of('error')}" skipped="${of('inconclusive')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="zabcheck" ${counts}>`,
    `  <testsuite name="zabcheck validate" ${counts}>`,
    ...cases.map(caseXml),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseXml({ suite, name, verdict, reason }: Case): string {
  const head = `    <testcase classname="zabcheck.${suite}" name="${escaped(name)}"`;
  const text = escaped(reason);
  switch (verdict) {
    case 'accepted':
      return `${head}/>`;
    case 'inconclusive':
      return `${head}><skipped message="inconclusive: ${text}"/></testcase>`;
    case 'error':
      return `${head}><error message="${text}"/></testcase>`;
    default:
      return `${head}><failure type="${verdict}" message="${text}"/></testcase>`;
  }
}
