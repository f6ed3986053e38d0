//! How much of some traffic a few products of addresses cover: from these to those.

use cidrs::{Cidr, Family, common, covers, uncovered};

/// Traffic from each of some addresses to each of others.
#[derive(Debug, Clone)]
pub(super) struct Product {
    /// From these.
    pub(super) sources: Vec<Cidr>,
    /// To those.
    pub(super) destinations: Vec<Cidr>,
}

/// How much passes. Ordered: nothing is least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Covered {
    /// Nothing, or there is nothing to pass.
    Nothing,
    /// Some of it, not all.
    Some,
    /// All.
    All,
}

/// How much of the traffic from `sources` to `destinations` lies in the products. Traffic is within a family.
pub(super) fn covered(sources: &[Cidr], destinations: &[Cidr], products: &[Product]) -> Covered {
    let of_families = [Family::V4, Family::V6].into_iter().filter_map(|family| {
        let (sources, destinations) = (of(family, sources), of(family, destinations));
        if sources.is_empty() || destinations.is_empty() {
            return None;
        }
        Some(of_family(family, sources, &destinations, products))
    });
    let of_families: Vec<Covered> = of_families.collect();
    match (of_families.iter().min(), of_families.iter().max()) {
        (Some(least), Some(most)) if least == most => *least,
        (Some(_), Some(_)) => Covered::Some,
        _ => Covered::Nothing,
    }
}

/// Whether a block has an address that others have, which are merged.
pub(super) fn meets(merged: &[Cidr], block: &Cidr) -> bool {
    let near = merged.partition_point(|other| other.last() < block.first());
    merged.get(near).is_some_and(|other| other.first() <= block.last())
}

fn of(family: Family, cidrs: &[Cidr]) -> Vec<Cidr> {
    cidrs.iter().filter(|cidr| cidr.family() == family).copied().collect()
}

fn of_family(
    family: Family,
    sources: Vec<Cidr>,
    destinations: &[Cidr],
    products: &[Product],
) -> Covered {
    let products: Vec<Product> = (products.iter())
        .map(|product| Product {
            sources: common(&of(family, &product.sources), &sources),
            destinations: common(&of(family, &product.destinations), destinations),
        })
        .filter(|product| !product.sources.is_empty() && !product.destinations.is_empty())
        .collect();
    if products.is_empty() {
        return Covered::Nothing;
    }
    // Sources that stand in the same products are alike: one reaches what the others do.
    let mut alike = vec![sources];
    for product in &products {
        let parts = alike.iter().flat_map(|sources| {
            [common(sources, &product.sources), uncovered(sources, &product.sources)]
        });
        alike = parts.filter(|sources| !sources.is_empty()).collect();
    }
    let reach_all = |sources: &Vec<Cidr>| {
        // All of them or none stand in a product.
        let is_of = |product: &&Product| {
            sources.first().is_some_and(|first| meets(&product.sources, first))
        };
        let reached: Vec<Cidr> = (products.iter())
            .filter(is_of)
            .flat_map(|product| product.destinations.iter().copied())
            .collect();
        covers(&reached, destinations)
    };
    if alike.iter().all(reach_all) { Covered::All } else { Covered::Some }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidrs(texts: &[&str]) -> Vec<Cidr> {
        texts.iter().map(|text| Cidr::parse(text).expect(text)).collect()
    }

    fn product(sources: &[&str], destinations: &[&str]) -> Product {
        Product { sources: cidrs(sources), destinations: cidrs(destinations) }
    }

    #[test]
    fn products_cover_together_what_none_covers_alone() {
        let (from, to) = (cidrs(&["10.0.0.0/30"]), cidrs(&["10.9.0.0/30"]));
        let mut products = vec![
            product(&["10.0.0.0/31"], &["10.9.0.0/30"]),
            product(&["10.0.0.2/31"], &["10.9.0.0/31"]),
        ];
        assert_eq!(covered(&from, &to, &products), Covered::Some);
        products.push(product(&["10.0.0.3/32"], &["10.9.0.2/31"]));
        assert_eq!(covered(&from, &to, &products), Covered::Some, "10.0.0.2 to 10.9.0.2 lacks");
        products.push(product(&["0.0.0.0/0"], &["10.9.0.0/29"]));
        assert_eq!(covered(&from, &to, &products), Covered::All);
    }

    #[test]
    fn what_meets_is_found_in_order() {
        let merged = cidrs(&["10.0.0.0/30", "10.0.0.8/31", "10.1.0.0/16", "2001:db8::/32"]);
        for met in ["10.0.0.0/8", "10.0.0.3/32", "10.0.0.9/32", "10.1.7.0/24", "::/0", "0.0.0.0/0"]
        {
            assert!(meets(&merged, &Cidr::parse(met).expect(met)), "{met}");
        }
        for apart in
            ["9.0.0.0/8", "10.0.0.4/30", "10.0.0.10/31", "10.2.0.0/16", "2001::/32", "fd00::/8"]
        {
            assert!(!meets(&merged, &Cidr::parse(apart).expect(apart)), "{apart}");
        }
        assert!(!meets(&cidrs(&["10.0.0.0/8"]), &Cidr::parse("::/0").expect("all")));
    }

    #[test]
    fn families_are_apart() {
        let both = cidrs(&["10.0.0.0/8", "2001:db8::/32"]);
        let ipv4 = [product(&["0.0.0.0/0"], &["0.0.0.0/0", "::/0"])];
        assert_eq!(covered(&both, &both, &ipv4), Covered::Some);
        assert_eq!(covered(&both, &cidrs(&["10.0.0.0/8"]), &ipv4), Covered::All);
        let nobody = covered(&cidrs(&["::/0"]), &cidrs(&["0.0.0.0/0"]), &ipv4);
        assert_eq!(nobody, Covered::Nothing, "there is no such traffic");
    }
}
