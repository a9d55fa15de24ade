/**
 * What work costs in energy and carbon, and when it costs least. Pure rules in whole numbers; where
 * intensities come from is behind {@link xyz.openledger.pools.energy.GridIntensity}.
 *
 * <p>Start at {@link xyz.openledger.pools.energy.Footprint}.
 */
@NullMarked
package xyz.openledger.pools.energy;

import org.jspecify.annotations.NullMarked;
