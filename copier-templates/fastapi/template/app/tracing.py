"""W3C trace context, and spans over OTLP where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector."""

import os

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.identity import Identity

PROPAGATOR = TraceContextTextMapPropagator()
EXPORT_SECONDS = 2
"""A collector that hangs may not keep the service from ending."""


def configure(identity: Identity) -> None:
    """Give every request and message a trace; export it where a collector is named."""
    provider = TracerProvider(
        resource=Resource.create({SERVICE_NAME: identity.service_name, SERVICE_VERSION: identity.service_version})
    )
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=EXPORT_SECONDS)))
    trace.set_tracer_provider(provider)


def traceparent() -> str:
    """The current span as the value of a `traceparent` header."""
    carrier: dict[str, str] = {}
    PROPAGATOR.inject(carrier)
    return carrier.get("traceparent", "")
