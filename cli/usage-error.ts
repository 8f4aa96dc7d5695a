/** A wrong call, or a machine that lacks what a command needs. `message` is one clear sentence; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
