package xyz.openledger.chainanchor.accounts;

/**
 * Which payment: the identity under which a transfer happens at most once.
 *
 * @param job the job, or the chain's or epoch's own id where no job is behind it
 * @param replica the replica paid for; empty where none is
 * @param payee who gets it
 * @param purpose what for
 */
public record PaymentKey(String job, String replica, String payee, Purpose purpose) {}
