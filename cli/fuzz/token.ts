/** Replay tokens: a script, compressed, as one word that survives mail, chat and a shell. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { parseScript, printScript } from '../../models/fuzz/script-codec.js';
import type { Script } from '../../models/fuzz/script.js';
import { err, type Result } from '../../base/result.js';

const PREFIX = 'zab1.';
/** A token of a few hundred bytes could unpack to gigabytes. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

export function printToken(script: Script): string {
  return `${PREFIX}${deflateRawSync(printScript(script), { level: 9 }).toString('base64url')}`;
}

/** Error: one sentence. */
export function parseToken(token: string): Result<Script> {
  const text = token.trim();
  if (!text.startsWith(PREFIX)) return err(`a replay token begins with "${PREFIX}"`);
  const body = text.slice(PREFIX.length);
  if (!/^[A-Za-z0-9_-]+$/.test(body))
    return err('the token holds characters that no token has; was it cut or wrapped?');
  try {
    const json = inflateRawSync(Buffer.from(body, 'base64url'), { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8');
    return parseScript(json);
  } catch {
    return err('the token is damaged: it does not unpack');
  }
}
