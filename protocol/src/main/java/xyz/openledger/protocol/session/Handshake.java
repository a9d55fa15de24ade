package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.node.v1.EnrolRequest;

/** What is signed before a node is trusted with anything. */
public final class Handshake {
  /**
   * The name in every gateway's certificate. A node trusts one authority, which vouches for
   * gateways alone, so the address that it dials may change without a new certificate.
   */
  public static final String GATEWAY_NAME = "gateway.openledger.internal";

  private Handshake() {}

  /** What the transport key signs to open a stream. */
  public static byte[] helloMessage(ByteString nonce, NodeId node, ByteString incarnation) {
    return ByteString.copyFrom(Domain.prefix("hello"))
        .concat(nonce)
        .concat(ByteString.copyFrom(node.value(), StandardCharsets.US_ASCII))
        .concat(incarnation)
        .toByteArray();
  }

  /** What both keys sign to enrol. */
  public static byte[] enrolMessage(ByteString application) {
    return ByteString.copyFrom(Domain.prefix("enrol"))
        .concat(ByteString.copyFrom(Digest.of(application.toByteArray()).bytes()))
        .toByteArray();
  }

  /** An application under the signatures of both keys. */
  public static EnrolRequest sign(
      EnrolApplication application, Ed25519Key transport, Secp256k1Key result) {
    ByteString bytes = NodeWire.encode(application).toByteString();
    byte[] message = enrolMessage(bytes);
    return EnrolRequest.newBuilder()
        .setApplication(bytes)
        .setSignature(ByteString.copyFrom(transport.sign(message)))
        .setResultSignature(ByteString.copyFrom(result.sign(Digest.of(message).bytes())))
        .build();
  }

  /**
   * The application in a request.
   *
   * @throws ProblemException {@code bad-signature} unless both keys signed it, {@code
   *     invalid-request} if it is malformed
   */
  public static EnrolApplication verify(EnrolRequest request) {
    EnrolApplication application = NodeWire.application(request.getApplication());
    byte[] message = enrolMessage(request.getApplication());
    if (!Ed25519Key.verify(
        application.transportKey().toByteArray(), message, request.getSignature().toByteArray())) {
      throw new ProblemException(
          Problem.BAD_SIGNATURE, "signature", "is not by the transport key in the application");
    }
    if (!Secp256k1Key.recover(
            Digest.of(message).bytes(), request.getResultSignature().toByteArray())
        .equals(Optional.of(application.resultAddress()))) {
      throw new ProblemException(
          Problem.BAD_SIGNATURE, "resultSignature", "is not by the result key in the application");
    }
    return application;
  }
}
