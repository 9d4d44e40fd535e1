"""Records cases on a real cluster: applies a fault, waits for its symptom, keeps what a person on call would ask for.

    make cluster-up
    KUBECONFIG=... python -m tests.cases.record_cluster [CASE...]      (all without a name)

A fault is `faults/<case>.yaml`:

    title, alert          what the person on call is told
    namespace             made for the case, deleted afterwards
    label                 what goes into `<case>.expected.yaml`
    missing               image references that must not be in the registry
    needs                 a part of the cluster beside the plain one (`metrics`)
    steps                 service: {...} | job: {...} (see workloads.py) | apply: [objects] | kubectl: [arguments]
                          | until: {kubectl: [arguments], shows: regex} | sleep: seconds
                          | push: image reference
    undo                  steps afterwards, whatever happened; such a fault is recorded alone
    ask                   kubectl commands whose output is kept: {file under kubernetes/: arguments}
    pods                  the workloads whose pods are described and whose logs are kept

The bundle and the label are written to `kubernetes/<case>` beside this file; see docs/evidence-bundle.md.
"""

import argparse
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tests.cases.workloads import objects_of
from tests.cluster.registry import NAME, push, references_in

HERE = Path(__file__).parent
FAULTS = HERE / "faults"
CASES = HERE / "kubernetes"
LONGEST_WAIT = 180
SHOWN = "registry.example:5000"
"""What the bundles call the registry."""


class RecordingError(Exception):
    """A symptom did not show, or a command failed."""


def kubectl(*arguments: str, stdin: str | None = None, check: bool = True) -> str:
    """The output of a command, its error text included, as a terminal would show it."""
    ran = subprocess.run(
        ["kubectl", "--request-timeout=20s", *arguments],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if check and ran.returncode != 0:
        raise RecordingError(f"kubectl {' '.join(arguments)}: {ran.stdout.strip()}")
    return ran.stdout


def record(fault: Path) -> None:
    """Make one fault and write its case."""
    name, plan = fault.stem, yaml.safe_load(fault.read_text())
    namespace = plan["namespace"]
    kubectl("create", "namespace", namespace)
    try:
        for step in plan["steps"]:
            take(step, namespace, plan)
        write(CASES / name, name, plan)
    finally:
        for step in plan.get("undo", ()):
            take(step, namespace, plan)
        kubectl("delete", "namespace", namespace, "--wait=false", check=False)


def take(step: Mapping[str, Any], namespace: str, plan: Mapping[str, Any]) -> None:
    """One step of a plan."""
    if "until" in step:
        wait(namespace, step["until"])
    elif "kubectl" in step:
        kubectl("--namespace", namespace, *step["kubectl"])
    elif "sleep" in step:
        time.sleep(step["sleep"])
    elif "push" in step:
        push(step["push"])
    else:
        objects = step.get("apply") or objects_of(step.get("service") or step["job"])
        text = yaml.safe_dump_all(objects)
        for reference in references_in(text) - set(plan.get("missing", ())):
            push(reference)
        kubectl("apply", "--namespace", namespace, "--filename", "-", stdin=text)


def wait(namespace: str, symptom: Mapping[str, Any]) -> None:
    """Wait until the output of a command shows what it should."""
    deadline = time.monotonic() + LONGEST_WAIT
    output = ""
    while time.monotonic() < deadline:
        output = kubectl("--namespace", namespace, *symptom["kubectl"], check=False)
        if re.search(symptom["shows"], output, re.MULTILINE | re.DOTALL):
            return
        time.sleep(1)
    raise RecordingError(f"{symptom['shows']!r} never showed in: {output}")


def write(bundle: Path, name: str, plan: Mapping[str, Any]) -> None:
    """The case's bundle and label, from the cluster as it is now."""
    shutil.rmtree(bundle, ignore_errors=True)
    (bundle / "kubernetes").mkdir(parents=True)
    header = {"version": 1, "title": plan["title"], "alert": plan.get("alert", plan["title"])}
    (bundle / "bundle.yaml").write_text(yaml.safe_dump(header, sort_keys=False, allow_unicode=True))
    label = {"set": "blissful", **plan["label"]}
    bundle.with_name(f"{name}.expected.yaml").write_text(yaml.safe_dump(label, sort_keys=False, allow_unicode=True))
    for path, output in outputs(plan):
        if output.strip():
            kept = bundle / path
            kept.parent.mkdir(exist_ok=True)
            kept.write_text(shown(output))


def outputs(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is asked: pods and events of the namespace, then what the plan names, then logs."""
    namespace = plan["namespace"]

    def ask(*arguments: str) -> str:
        return kubectl("--namespace", namespace, *arguments, check=False)

    yield "kubernetes/get-pods.txt", ask("get", "pods", "--output", "wide")
    yield "kubernetes/events.txt", ask("get", "events", "--sort-by", ".lastTimestamp")
    for file, arguments in plan.get("ask", {}).items():
        yield f"kubernetes/{file}", ask(*arguments)
    names = ask("get", "pods", "--output", 'jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}').split()
    for workload in plan.get("pods", ()):
        for pod in sorted(name for name in names if name == workload or name.startswith(f"{workload}-")):
            yield f"kubernetes/describe-pod-{pod}.txt", ask("describe", "pod", pod)
            yield f"logs/{pod}.log", logs(ask("logs", pod, "--all-containers", "--tail=400"))
            yield f"logs/{pod}.previous.log", logs(ask("logs", pod, "--previous", "--tail=400"))


def logs(output: str) -> str:
    """Container output; what kubectl says where there is none is left out."""
    refused = ("Error from server", "error: ", "unable to retrieve container logs", "Defaulted container")
    return "" if output.startswith(refused) else output


def shown(output: str) -> str:
    """Output without this cluster's own names."""
    return output.replace(NAME, SHOWN).replace("blissful.test/workload", "example.test/app")


def main() -> int:
    """Record the cases that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", help="names of faults (default: all)")
    parser.add_argument("--at-once", type=int, default=6, help="how many are recorded at a time")
    arguments = parser.parse_args()
    faults = [FAULTS / f"{name}.yaml" for name in arguments.cases] or sorted(FAULTS.glob("*.yaml"))
    failed = 0
    together = [fault for fault in faults if "undo" not in yaml.safe_load(fault.read_text())]
    for group, at_once in ((together, arguments.at_once), ([fault for fault in faults if fault not in together], 1)):
        with ThreadPoolExecutor(at_once) as pool:
            for fault, running in [(fault, pool.submit(record, fault)) for fault in group]:
                try:
                    running.result()
                    print(f"recorded {fault.stem}", flush=True)
                except (RecordingError, subprocess.SubprocessError) as error:
                    failed += 1
                    print(f"failed   {fault.stem}: {error}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
