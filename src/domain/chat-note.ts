/** What an agent wrote about a chat for colleagues. It never leaves the organization. */
export type ChatNote = {
  id: number;
  chatId: number;
  /** The number of the event that brought it into its chat. */
  seq: number;
  /** The author. */
  agentId: number;
  /** Empty once it is deleted. */
  body: string;
  /** The ids of the agents whom it mentions. */
  mentions: number[];
  createdAt: string;
  editedAt: string | null;
  deletedAt: string | null;
};
