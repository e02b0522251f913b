DROP INDEX "Media_waiting_idx";--> statement-breakpoint
CREATE INDEX "Media_waiting_idx" ON "Media" USING btree ("organizationPhoneId","nextAttemptAt","id") WHERE state in ('pending', 'retrying');