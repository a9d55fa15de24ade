package xyz.openledger.cluster.gateway;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.session.Standing;

/**
 * A node may have a session.
 *
 * @param sink hears what the node says
 * @param resultKey the chain address of the key that the node enrolled for its results; batches
 *     that it did not sign end the session
 * @param court where results are judged
 * @param blobUrl base URL of the content-addressed blobs, as the node reaches it
 * @param blobToken bearer token for them; good for as long as the session lasts
 */
public record Admission(
    SessionSink sink,
    Address resultKey,
    ResultStatement.Court court,
    String blobUrl,
    String blobToken,
    Standing standing) {}
