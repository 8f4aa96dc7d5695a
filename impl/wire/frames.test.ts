/**
 * Goal: frames come out of a stream as QuorumCnxManager.RecvWorker (3.8.0) takes them, however it is cut. Method: bytes by
 * hand, all cuts of random streams, a watch on what is copied.
 *
 * A real server 3.8.0 closed on lengths 0, −1 and 524289 ("Received packet with invalid packet") and answered a frame of 524288.
 */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { encodeFrame, FRAME_MAX, type FrameStream, NEW_FRAME_STREAM, readFrames, unfinishedBytes } from './frames.js';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function readAll(chunks: readonly Uint8Array[]): { frames: string[]; stream: FrameStream } {
  let stream = NEW_FRAME_STREAM;
  const frames: string[] = [];
  for (const chunk of chunks) {
    const read = readFrames(stream, chunk);
    frames.push(...read.frames.map(asHex));
    stream = read.stream;
  }
  return { frames, stream };
}

describe('frames', () => {
  test.each<[string, string, readonly string[], number]>([
    ['nothing', '', [], 0],
    ['one', '00000002 abcd', ['abcd'], 0],
    ['two', '00000001 ab 00000003 010203', ['ab', '010203'], 0],
    ['one and a half', '00000001 ab 00000003 0102', ['ab'], 6],
    ['three bytes of a length', '000000', [], 3],
    ['a length', '00080000', [], 4],
  ])('%s', (_name, bytes, frames, unfinished) => {
    for (const size of [1, 2, 3, 5, 100]) {
      const whole = hex(bytes);
      const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
        whole.subarray(i * size, (i + 1) * size),
      );
      const read = readAll(chunks);
      expect(read.frames).toEqual(frames);
      expect(unfinishedBytes(read.stream)).toBe(unfinished);
    }
  });

  test.each<[string, number]>([
    ['00000000', 0],
    ['ffffffff', -1],
    ['80000000', -(2 ** 31)],
    ['00080001', FRAME_MAX + 1],
    ['7fffffff', 2 ** 31 - 1],
  ])('the length %s ends the connection, after the frames before it', (length, value) => {
    const read = readAll([hex(`00000001 ab ${length}`), hex('00000001 cd')]);
    expect(read).toEqual({ frames: ['ab'], stream: { kind: 'broken', length: value } });
    expect(unfinishedBytes(read.stream)).toBe(0);
  });

  test('the largest frame', () => {
    const frame = encodeFrame(new Uint8Array(FRAME_MAX).fill(7));
    expect(asHex(frame.subarray(0, 5))).toBe('0008000007');
    expect(readFrames(NEW_FRAME_STREAM, frame).frames[0]).toEqual(new Uint8Array(FRAME_MAX).fill(7));
  });

  test('written with its length', () => {
    expect(asHex(encodeFrame(hex('abcd')))).toBe('00000002abcd');
    expect(() => encodeFrame(new Uint8Array(0))).toThrow('internal error');
    expect(() => encodeFrame(new Uint8Array(FRAME_MAX + 1))).toThrow('internal error');
  });

  it('does not depend on the cuts', () => {
    const payload = fc.uint8Array({ minLength: 1, maxLength: 50 });
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(payload), cuts, (payloads, sizes) => {
        const bytes = Buffer.concat(payloads.map(encodeFrame));
        const chunks: Uint8Array[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(readAll(chunks)).toEqual({ frames: payloads.map(asHex), stream: NEW_FRAME_STREAM });
      }),
    );
  });

  it('keeps nothing of the chunk: neither in frames nor between chunks, be it a Buffer of the pool', () => {
    const chunk = Buffer.from('00000001aa0000000302', 'hex');
    const first = readFrames(NEW_FRAME_STREAM, chunk);
    chunk.fill(0xff);
    const second = readFrames(first.stream, Buffer.from('0304', 'hex'));
    expect([...first.frames, ...second.frames].map(asHex)).toEqual(['aa', '020304']);
    expect(first.frames[0]?.buffer.byteLength).toBe(1);
  });

  it('changes no stream: it can be gone on with twice', () => {
    const { stream } = readFrames(NEW_FRAME_STREAM, hex('00000003 01'));
    const ends = ['0203', '0405'].map((rest) => readFrames(stream, hex(rest)).frames.map(asHex));
    expect(ends).toEqual([['010203'], ['010405']]);
  });

  it('holds few pieces and no more bytes than came, of the largest frame byte by byte', () => {
    let stream = readFrames(NEW_FRAME_STREAM, hex('00080000')).stream;
    expect(stream).toEqual({ kind: 'reading', what: 'body', size: FRAME_MAX, parts: [] });
    let most = 0;
    for (let i = 0; i < FRAME_MAX - 1; i++) {
      stream = readFrames(stream, Uint8Array.of(i)).stream;
      if (stream.kind === 'reading') most = Math.max(most, stream.parts.length);
    }
    expect(most).toBe(19);
    const last = readFrames(stream, Uint8Array.of(9));
    expect(last.frames[0]?.length).toBe(FRAME_MAX);
    expect(last.frames[0]?.subarray(254, 258)).toEqual(Uint8Array.of(254, 255, 0, 1));
  });
});
