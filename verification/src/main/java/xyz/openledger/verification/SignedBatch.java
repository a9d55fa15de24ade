package xyz.openledger.verification;

import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;

/**
 * Reveals that a node sent together, under one signature.
 *
 * @param root RFC 9162 root over the reveals' statements, in order, as the node says
 * @param signature of that root; 65 bytes in lower-case hex
 */
public record SignedBatch(NodeId node, List<Reveal> reveals, Digest root, String signature) {}
