/** Whether Meta's id is that of a call. A voicemail is a message under the id of the call that was not answered. */
export function isCallId(id: string | null): boolean {
  return id?.startsWith("wacid.") ?? false;
}
