-- Whoever owns a number can have erased what staff were to ask them.
CREATE INDEX delegations_of_phone ON delegations (phone) WHERE phone <> '';
