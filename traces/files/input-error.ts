/** Input that cannot be opened or read. `message` is one sentence that names the path. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ELOOP: 'its links form a loop',
  EIO: 'the device reports an error',
  Z_DATA_ERROR: 'its compressed data is damaged',
  Z_BUF_ERROR: 'its compressed data ends too early',
};

/** Wraps what Node threw at `path`. Anything that is no system error is returned as it is. */
export function inputError(path: string, cause: unknown): unknown {
  if (cause instanceof InputError || !(cause instanceof Error)) return cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  if (code === null) return cause;
  return new InputError(path, `Cannot read ${path}: ${REASONS[code] ?? code}.`);
}
