"""The rules of the policy, one idea each, by what they look at. All of them: `found.RULES`."""
