import type * as frames from '../impl/wire/frames.js';
import type * as initial from '../impl/wire/initial-message.js';
import type * as notification from '../impl/wire/notification.js';
import type * as config from '../impl/wire/received-config.js';

/** The codec that is tested. */
export type CodecKit = typeof frames & typeof initial & typeof notification & typeof config;

export interface CodecFigures {
  readonly strings: number;
  readonly bytes: number;
  readonly classes: ReadonlyMap<string, number>;
  /** The first few, each with what makes it again. */
  readonly failures: readonly string[];
  readonly failed: number;
  readonly slowest: { readonly ms: number; readonly of: string };
}

export interface CodecOptions {
  readonly count: number;
  readonly seed: number;
  readonly kit: CodecKit;
  readonly onProgress?: (figures: CodecFigures) => void;
}

export function runCodec(options: CodecOptions): CodecFigures;
