import { mkdir, rm } from "node:fs/promises";

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

export async function emptyFolder(path: string): Promise<string> {
  await removeFolder(path);
  await mkdir(path, { recursive: true });
  return path;
}
