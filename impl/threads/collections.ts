/** org.apache.zookeeper.util.CircularBlockingQueue and the maps, as values. */

/** The queue afterwards, and what gave way (CircularBlockingQueue.offer: the oldest). */
export function offered<T>(
  queue: readonly T[],
  item: T,
  capacity: number,
): { readonly queue: readonly T[]; readonly dropped: T | null } {
  if (queue.length < capacity) return { queue: [...queue, item], dropped: null };
  return { queue: [...queue.slice(1), item], dropped: queue[0] ?? null };
}

export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** Map.remove(key). */
export function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
