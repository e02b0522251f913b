/** Waits until a time; not at all when that is over. */
export async function until(atMs: number): Promise<void> {
  const leftMs = atMs - Date.now();
  if (leftMs > 0) await scheduler.wait(leftMs);
}
