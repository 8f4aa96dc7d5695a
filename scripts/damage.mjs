/** Ways to damage a checkpoint, each with its name: for the test of `--resume` and its evidence. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const filesIn = (folder) => readdirSync(folder).sort();
const anyOf = (rng, list) => list[rng.below(list.length)];

/** `other`: a checkpoint of another run. Each changes the folder and says what it did. */
export const DAMAGES = {
  truncate: (folder, { rng }) => {
    const file = anyOf(
      rng,
      filesIn(folder).filter((name) => statSync(join(folder, name)).size > 0),
    );
    const bytes = rng.below(statSync(join(folder, file)).size);
    truncateSync(join(folder, file), bytes);
    return `${file} cut after ${bytes} bytes`;
  },
  flip: (folder, { rng }) => {
    const file = anyOf(rng, filesIn(folder));
    const bytes = readFileSync(join(folder, file));
    const at = rng.below(bytes.length);
    const bit = rng.below(8);
    bytes[at] ^= 1 << bit;
    writeFileSync(join(folder, file), bytes);
    return `bit ${bit} of byte ${at} of ${file} flipped`;
  },
  swap: (folder, { rng, other }) => {
    const both = filesIn(folder).filter((name) => name !== 'checkpoint' && filesIn(other).includes(name));
    const file = anyOf(
      rng,
      both.filter((name) => !readFileSync(join(folder, name)).equals(readFileSync(join(other, name)))),
    );
    writeFileSync(join(folder, file), readFileSync(join(other, file)));
    return `${file} of another checkpoint`;
  },
  'another record': (folder, { other }) => {
    writeFileSync(join(folder, 'checkpoint'), readFileSync(join(other, 'checkpoint')));
    return 'checkpoint of another run';
  },
  'another format': (folder) => {
    const text = readFileSync(join(folder, 'checkpoint'), 'utf8');
    writeFileSync(join(folder, 'checkpoint'), text.replace(/^zabcheck checkpoint \d+/, 'zabcheck checkpoint 0'));
    return 'format 0';
  },
  'another build': (folder) => {
    const [head, body] = readFileSync(join(folder, 'checkpoint'), 'utf8').split('\n');
    const changed = body.replace(/"build":"[0-9a-f]/, (text) => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0'));
    const digest = createHash('sha256').update(changed).digest('hex');
    writeFileSync(join(folder, 'checkpoint'), `${head.slice(0, head.lastIndexOf(' '))} ${digest}\n${changed}\n`);
    return 'written by another build';
  },
  empty: (folder, { rng }) => {
    const file = anyOf(
      rng,
      filesIn(folder).filter((name) => statSync(join(folder, name)).size > 0),
    );
    writeFileSync(join(folder, file), '');
    return `${file} empty`;
  },
  missing: (folder, { rng }) => {
    const file = anyOf(rng, filesIn(folder));
    rmSync(join(folder, file));
    return `${file} missing`;
  },
  'no checkpoint': (folder) => {
    writeFileSync(join(folder, 'checkpoint'), '{"model":"spec"}\n');
    return 'checkpoint is something else';
  },
  renamed: (folder, { rng }) => {
    const segments = filesIn(folder).filter((name) => name.startsWith('texts-') || name.startsWith('states-'));
    const file = anyOf(rng, segments);
    renameSync(join(folder, file), join(folder, `${file}0`));
    return `${file} has another name`;
  },
};
