"""Studies of steadymile itself: simulated people, real logs, the lab's reports. No part of a nightly run."""
