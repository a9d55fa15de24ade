package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Every way in which a request can be refused or work can fail, by its stable name. On HTTP it is
 * the RFC 9457 type {@code urn:openledger:problem:<code>}.
 */
public enum Problem {
  INVALID_REQUEST(400, "The request is malformed"),
  UNAUTHENTICATED(401, "A valid token is needed"),
  INSUFFICIENT_BALANCE(402, "The account does not hold enough"),
  FORBIDDEN(403, "The token does not allow this"),
  NOT_FOUND(404, "There is no such thing"),
  METHOD_NOT_ALLOWED(405, "This address does not take that method"),
  AMBIGUOUS_ID(409, "The prefix fits more than one id"),
  IDEMPOTENCY_CONFLICT(409, "The same Idempotency-Key came with another body"),
  WRONG_STATE(409, "Its state does not allow this"),
  TOO_LARGE(413, "The body is larger than the limit"),
  DIGEST_MISMATCH(422, "The content does not have the digest it claims"),
  INVALID_MODULE(422, "The gate refused the WebAssembly module"),
  UNKNOWN_BLOB(422, "A blob that the request names is not stored"),
  UNSATISFIABLE_POLICY(422, "No pool can ever satisfy the policy"),
  GOVERNANCE_FORBIDS(422, "Governance does not allow this"),
  TOO_MANY_REQUESTS(429, "Too much at once; come back later"),
  INTERNAL(500, "Something failed here; the detail is in the log"),
  UNAVAILABLE(503, "Not ready; come back later"),
  CHAIN_UNAVAILABLE(503, "The chain does not answer"),

  // Enrolment and the node's stream.
  CLAIM_UNKNOWN(401, "The claim code is unknown"),
  CLAIM_EXPIRED(401, "The claim code has expired"),
  CLAIM_USED(401, "The claim code has been used"),
  BAD_SIGNATURE(401, "The signature does not fit"),
  CHALLENGE_FAILED(403, "The node's answer to its challenge task is wrong"),
  PROTOCOL_VIOLATION(400, "The peer broke the node protocol"),
  STALE_FENCE(409, "The lease's fence was seen before, or is too old"),
  NO_CREDIT(429, "The node has no free slot"),

  // Why one replica ended without a result: the node's side, never the task's.
  SANDBOX_FAILED(500, "The sandbox could not run the task"),
  BLOB_UNAVAILABLE(503, "A blob could not be fetched"),
  NODE_LOST(503, "The node's stream ended and did not come back in time"),
  CODE_MISMATCH(500, "The gated module has another digest than the lease says"),
  SAVED_STATE_REFUSED(422, "The state that another node saved is none to go on from"),

  // Why a job ended without a result.
  DEADLINE_PASSED(408, "The job's deadline passed"),
  BUDGET_EXHAUSTED(402, "The job's price limit does not allow another replica"),
  NO_AGREEMENT(500, "The replicas did not agree within the policy's limit"),
  TASK_FAILED(422, "The program ended with an exit code other than 0"),
  TASK_TRAPPED(
      422, "The task trapped: it did what WebAssembly forbids, or nested its calls too deep"),
  FUEL_EXHAUSTED(422, "The task used up its fuel"),
  OUTPUT_EXCEEDED(422, "The task wrote more than its output limit"),
  CANCELLED(409, "The requester cancelled the job"),
  QUEUED_TOO_LONG(408, "The job's time passed while it waited for nodes"),
  RUNNING_TOO_LONG(408, "The job's time passed while nodes ran it"),
  VERIFYING_TOO_LONG(408, "The job's time passed while its results were verified"),
  RETRIES_EXHAUSTED(503, "More replicas were lost than the job may retry");

  private final int httpStatus;
  private final String title;

  Problem(int httpStatus, String title) {
    this.httpStatus = httpStatus;
    this.title = title;
  }

  /** The kebab-case name, such as {@code insufficient-balance}. */
  @JsonValue
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The problem with that code.
   *
   * @throws ProblemException {@code invalid-request} for an unknown one
   */
  @JsonCreator
  public static Problem parse(String code) {
    for (Problem problem : values()) {
      if (problem.code().equals(code)) {
        return problem;
      }
    }
    throw new ProblemException(INVALID_REQUEST, "code", "unknown problem code " + code);
  }

  /** The HTTP status that goes with it. */
  public int httpStatus() {
    return httpStatus;
  }

  /** One sentence for people. */
  public String title() {
    return title;
  }
}
