/** Names our message to Meta: the integer alone is used by other deployments and restored databases too. */
export function formatTag(epoch: string, messageId: number): string {
  return `${epoch}.${messageId}`;
}

/** Parses our tag; null for a tag that we did not make. */
export function parseTag(text: string): { epoch: string; messageId: number } | null {
  const [, epoch, id] = text.match(/^([^.]+)\.([1-9]\d{0,15})$/) ?? [];
  const messageId = Number(id);
  return epoch && Number.isSafeInteger(messageId) ? { epoch, messageId } : null;
}
