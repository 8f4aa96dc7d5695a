/** A scenario as a page of documentation: its prose, a diagram of each section, and how it ends. */
import type { PlayedScenario, PlayedSection } from './runner.js';
import type { Item, Section } from './script.js';

export function printPage({ scenario, sections }: PlayedScenario): string {
  const parts = [
    `<!-- Generated from property-tests/scenarios/${scenario.file}: UPDATE_GOLDEN=1 npx vitest run property-tests/scenarios -->`,
    `# ${scenario.title}`,
    paragraphs(scenario.prose),
    ...sections.flatMap(sectionParts),
  ];
  return `${parts.join('\n\n')}\n`;
}

function sectionParts({ section, diagram }: PlayedSection): readonly string[] {
  const { id, title, beginning, items } = section;
  const first = items.findIndex(({ kind }) => kind !== 'prose');
  const opening = items.slice(0, first).map(({ text }) => text);
  return [
    `## ${title}`,
    `_Section \`${id}\`${beginning.kind === 'after' ? `, from the mark “${beginning.mark}” of \`${beginning.id}\`` : ''}._`,
    paragraphs(opening),
    `\`\`\`mermaid\n${diagram}\`\`\``,
    `At the end:`,
    lastFacts(section)
      .map(({ text }) => `- ${text}`)
      .join('\n'),
  ];
}

/** Lines of prose; an empty one separates paragraphs. */
function paragraphs(lines: readonly string[]): string {
  return lines.join('\n').trim();
}

/** The facts below the last command. */
function lastFacts({ items }: Section): readonly Item[] {
  const last = items.findLastIndex(({ kind }) => kind === 'command');
  return items.slice(last + 1).filter(({ kind }) => kind === 'fact');
}
