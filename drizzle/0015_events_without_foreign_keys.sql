ALTER TABLE "ChatEvent" DROP CONSTRAINT "ChatEvent_chatId_Chat_id_fk";
--> statement-breakpoint
ALTER TABLE "ChatEvent" DROP CONSTRAINT "ChatEvent_messageId_Message_id_fk";
--> statement-breakpoint
ALTER TABLE "ChatEvent" DROP CONSTRAINT "ChatEvent_agentId_Agent_id_fk";
