/**
 * Gives everything its turn after what it needs, and what does not need each other together. `needs` may name what is
 * not in the list.
 */
export async function inOrder<T>(
  items: ReadonlyMap<string, T>,
  needs: (item: T, id: string) => readonly string[],
  turn: (item: T, id: string) => Promise<void>,
): Promise<void> {
  const turns = new Map<string, Promise<void>>();
  const start = (id: string, item: T): Promise<void> => {
    const known = turns.get(id);
    if (known) return known;
    const first = needs(item, id).flatMap((other) => {
      const needed = items.get(other);
      return needed === undefined || other === id ? [] : [start(other, needed)];
    });
    const made = Promise.all(first).then(() => turn(item, id));
    turns.set(id, made);
    return made;
  };
  await Promise.all([...items].map(([id, item]) => start(id, item)));
}
