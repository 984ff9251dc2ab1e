/** Resolves when the condition holds. Fails after half a minute, so that every test ends. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`waited in vain for: ${holds.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
