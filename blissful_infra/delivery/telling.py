"""A plan in words: where, what, from which release, and the difference to what is live. Pure."""

from blissful_infra.delivery.gitops.target import GitOpsTarget
from blissful_infra.delivery.kubernetes.diffing import lines_of, summary_of
from blissful_infra.delivery.planning import Plan


def lines_of_plan(plan: Plan) -> list[str]:
    """A plan in words: where, what, from which release, and the difference to what is live."""
    verb = "Deploying" if plan.restores is None else f"Restoring release {plan.restores} as"
    before = f", after release {plan.before.number}" if plan.before else ", the first"
    lines = [
        f"{verb} release {plan.number} of {plan.environment}{before}",
        f"  cluster {plan.cluster} ({plan.server}), namespace {plan.namespace}",
        f"  image {plan.image}, revision {plan.revision or 'unknown'}",
        *([f"  Argo CD {title_of_target(plan.gitops)}"] if plan.gitops else ()),
        f"  {summary_of(plan.diffs)}",
    ]
    return lines + [f"    {line}" for line in lines_of(plan.diffs)] + [f"  note: {each}" for each in plan.notices]


def title_of_target(target: GitOpsTarget) -> str:
    """Where Argo CD takes a release from."""
    where = f"{target.path} on branch {target.branch} of {target.shown}"
    return f"application {target.argocd_namespace}/{target.application}, {where}"
