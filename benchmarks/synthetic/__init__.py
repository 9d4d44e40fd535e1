"""Made-up incidents of many services with their labels: `python -m benchmarks.synthetic DIR [--cases N] [--seed S]`.

Faults spread along a random call graph the way they do in systems under closed-loop load; series have the noise that
real ones have (spikes, drift, constant stretches, counters, gaps). Nothing here knows how the engine reasons.
"""
