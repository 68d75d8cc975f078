/** The secret of a link that was mailed. It stands behind the `#`, which browsers do not send. */
export const tokenOfLink = () => new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
