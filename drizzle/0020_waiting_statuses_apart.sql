DROP INDEX "MessageStatus_recipientPhone_idx";--> statement-breakpoint
DROP INDEX "MessageStatus_recipientUserId_idx";--> statement-breakpoint
DROP INDEX "MessageStatus_messageId_idx";--> statement-breakpoint
CREATE INDEX "MessageStatus_waiting_idx" ON "MessageStatus" USING btree ("organizationPhoneId","id") WHERE "messageId" is null and seq is null;--> statement-breakpoint
CREATE INDEX "MessageStatus_messageId_idx" ON "MessageStatus" USING btree ("messageId") WHERE "messageId" is not null;