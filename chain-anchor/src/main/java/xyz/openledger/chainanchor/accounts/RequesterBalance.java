package xyz.openledger.chainanchor.accounts;

/** What a requester sees of his account. */
public record RequesterBalance(
    long availableNanoOpen, long heldNanoOpen, long withdrawingNanoOpen) {}
