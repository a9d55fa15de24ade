package xyz.openledger.actors.audit;

import java.util.List;

/**
 * What an audit found.
 *
 * @param lines what was compared, for people
 * @param findings what is wrong; empty if nothing is
 */
public record AuditReport(List<String> lines, List<String> findings) {
  /** Keeps its own copies. */
  public AuditReport {
    lines = List.copyOf(lines);
    findings = List.copyOf(findings);
  }
}
