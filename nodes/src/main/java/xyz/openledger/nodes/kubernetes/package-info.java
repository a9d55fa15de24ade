/**
 * Workers in pods of a Kubernetes cluster: what such a pod is, and how it is asked for, talked to
 * and cleared away.
 *
 * <p>Start at {@link xyz.openledger.nodes.kubernetes.WorkerJob}, which decides, and {@link
 * xyz.openledger.nodes.kubernetes.PodStarter}, which acts.
 */
@NullMarked
package xyz.openledger.nodes.kubernetes;

import org.jspecify.annotations.NullMarked;
