-- Indexes a message anew when its text or time has changed, or it is revoked. Statuses, which change a message most often, do not
-- come here.
create or replace function index_changed_message() returns trigger language plpgsql as $$
begin
  delete from "MessageSearch" s where s."messageId" = new.id;
  perform index_messages(array[new.id]);
  return null;
end $$;
create or replace trigger index_changed_message after update of body, "createdAt", "revokedAt" on "Message" for each row
  when ((old.body, old."createdAt", old."revokedAt") is distinct from (new.body, new."createdAt", new."revokedAt"))
  execute function index_changed_message();
