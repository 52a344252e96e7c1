"""What is counted, for Prometheus. References and people never become labels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest


class Metrics:
    """One registry for each process, so that two in a test do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.updates = Counter(
            "customer_day_updates", "Updates handled, by outcome", ["channel", "outcome"], registry=self.registry
        )
        self.update_seconds = Histogram(
            "customer_day_update_seconds", "From an update's arrival to its commit", registry=self.registry
        )
        self.sent = Counter(
            "customer_day_messages", "Messages, by how they ended", ["channel", "status"], registry=self.registry
        )
        self.slowed = Counter(
            "customer_day_slowdowns", "Times the channel said to wait", ["channel"], registry=self.registry
        )
        self.owed = Gauge("customer_day_messages_owed", "Messages not yet sent", registry=self.registry)
        self.dead_letters = Gauge("customer_day_dead_letters", "Updates set aside as failing", registry=self.registry)
        self.database = Gauge("customer_day_database_up", "Whether the database answers", registry=self.registry)
        self.due = Counter("customer_day_due_work", "Things the clock did", ["what"], registry=self.registry)

    def page(self) -> bytes:
        return generate_latest(self.registry)
