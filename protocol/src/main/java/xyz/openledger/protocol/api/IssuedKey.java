package xyz.openledger.protocol.api;

/**
 * A new API key.
 *
 * @param token its secret, which is shown by this answer alone
 */
@Answer
public record IssuedKey(ApiKeyView key, String token) {}
