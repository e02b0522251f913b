import type { LastMessageColumns, MessageRow } from "./rows.ts";

/**
 * The newest message in a chat's row, as a row of its own; null without one. Written out, since an object that is filled by computed
 * names is a dictionary, which takes several times as long to make and to read.
 */
export function lastMessageRow(row: LastMessageColumns): MessageRow | null {
  if (row.last_id === null) return null;
  const last: { [Key in keyof MessageRow]: MessageRow[Key] | null } = {
    id: row.last_id,
    chatId: row.last_chatId,
    seq: row.last_seq,
    wamid: row.last_wamid,
    fromMe: row.last_fromMe,
    messageType: row.last_messageType,
    amends: row.last_amends,
    body: row.last_body,
    content: row.last_content,
    isHistory: row.last_isHistory,
    status: row.last_status,
    messageStatus: row.last_messageStatus,
    error: row.last_error,
    payment: row.last_payment,
    replyToMessageId: row.last_replyToMessageId,
    reactions: row.last_reactions,
    editedAt: row.last_editedAt,
    revokedAt: row.last_revokedAt,
    agentId: row.last_agentId,
    agentSub: row.last_agentSub,
    agentName: row.last_agentName,
    idempotencyKey: row.last_idempotencyKey,
    createdAt: row.last_createdAt,
    receivedAt: row.last_receivedAt,
    mediaId: row.last_mediaId,
    mediaState: row.last_mediaState,
    mediaMimeType: row.last_mediaMimeType,
    mediaFileName: row.last_mediaFileName,
    mediaSizeBytes: row.last_mediaSizeBytes,
    mediaProblem: row.last_mediaProblem,
    isAfterInbound: row.last_isAfterInbound,
    isWithinWindow: row.last_isWithinWindow,
    callFiles: row.last_callFiles,
  };
  // With an id it is a whole row of "Message".
  return last as MessageRow;
}
