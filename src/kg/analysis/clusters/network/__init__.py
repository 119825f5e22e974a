"""The network of holdings that is partitioned into clusters."""
