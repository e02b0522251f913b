/** Names our message to Meta: the integer alone is used by other deployments and restored databases too. */
export function formatTag(epoch: string, messageId: number): string {
  return `${epoch}.${messageId}`;
}
