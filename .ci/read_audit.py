"""Reads pip-audit's JSON: findings fail, an unanswered question is a warning."""

import json
import sys


def main() -> int:
    """Print what was found and what could not be asked; returns the exit code."""
    try:
        packages = json.load(sys.stdin)["dependencies"]
    except (ValueError, KeyError):
        print("warning: the advisory service could not be asked; nothing was checked.")
        return 0
    unanswered = [package["name"] for package in packages if "skip_reason" in package]
    if unanswered:
        print(f"warning: the service did not know {len(unanswered)} packages, such as")
        print(f"  {', '.join(unanswered[:5])}")
    findings = [
        (package, found) for package in packages for found in package.get("vulns", ())
    ]
    for package, found in findings:
        fixed = ", ".join(found["fix_versions"]) or "no version yet"
        print(
            f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}"
        )
    print(
        f"{len(packages) - len(unanswered)} packages checked, {len(findings)} findings"
    )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
