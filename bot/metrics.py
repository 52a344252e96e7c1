"""What is counted, for Prometheus. References and people never become labels."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector, generate_latest

_UNKNOWN = float("nan")  # no alarm compares with it


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
        self.webhook_resets = Counter(
            "customer_day_webhook_resets", "Times the webhook was lost and set again", registry=self.registry
        )
        self._webhook_ours = Gauge(
            "customer_day_webhook_ours", "Whether Telegram delivers to this bot's address", registry=self.registry
        )
        self._webhook_pending = Gauge(
            "customer_day_webhook_pending_updates", "Updates that Telegram has yet to deliver", registry=self.registry
        )
        self._webhook_error_age = Gauge(
            "customer_day_webhook_last_error_age_seconds", "Since a delivery failed last", registry=self.registry
        )
        self._webhook_error = Info(
            "customer_day_webhook_last_error", "What Telegram said when a delivery failed last", registry=self.registry
        )
        self.forget_webhook()
        self.due = Counter("customer_day_due_work", "Things the clock did", ["what"], registry=self.registry)

    def show_webhook(self, *, ours: bool, pending: int, error: str, error_age: float | None) -> None:
        """How deliveries stand, as Telegram says."""
        self._webhook_ours.set(ours)
        self._webhook_pending.set(pending)
        self._webhook_error_age.set(_UNKNOWN if error_age is None else error_age)
        self._webhook_error.info({"error": error})

    def forget_webhook(self) -> None:
        """Nobody looks here: it is polled, or another process looks."""
        for gauge in (self._webhook_ours, self._webhook_pending, self._webhook_error_age):
            gauge.set(_UNKNOWN)
        self._webhook_error.info({"error": ""})

    def page(self) -> bytes:
        return generate_latest(self.registry)
