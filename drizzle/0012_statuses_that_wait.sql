DROP INDEX "MessageStatus_recipientPhone_idx";--> statement-breakpoint
DROP INDEX "MessageStatus_recipientUserId_idx";--> statement-breakpoint
CREATE INDEX "MessageStatus_recipientPhone_idx" ON "MessageStatus" USING btree ("recipientPhone") WHERE "messageId" is null and "recipientPhone" is not null;--> statement-breakpoint
CREATE INDEX "MessageStatus_recipientUserId_idx" ON "MessageStatus" USING btree ("recipientUserId") WHERE "messageId" is null and "recipientUserId" is not null;